// Data on its way out.

rule chat_webhook {
  meta:
    id = "YAR-EXFIL-001"
    severity = "medium"
    description = "A chat webhook or bot with its secret stands in the file"
    reference = "https://attack.mitre.org/techniques/T1567.004/"
  strings:
    $discord = /discord(app)?\.com\/api\/(v\d{1,2}\/)?webhooks\/\d{15,20}\/[\w-]{20}/
    $telegram = /api\.telegram\.org\/bot\d{6,12}:[\w-]{20}/
    $slack = /hooks\.slack\.com\/services\/T[A-Z0-9]{7,11}\/B[A-Z0-9]{7,11}\/[A-Za-z0-9]{20}/
  condition:
    any of them
}

rule callback_service {
  meta:
    id = "YAR-EXFIL-002"
    severity = "medium"
    description = "A service for out-of-band callbacks is contacted"
    reference = "https://attack.mitre.org/techniques/T1567/"
  strings:
    $oast = /[\w-]{6,40}\.(oast\.(fun|pro|live|site|online|me)|oastify\.com|burpcollaborator\.net|interact\.sh|interactsh\.com|dnslog\.cn|ceye\.io|requestrepo\.com|canarytokens\.(com|org))\b/
    $site = /https?:\/\/(webhook\.site\/[0-9a-f]{8}-|requestbin\.(net|com)\/|\w{6,24}\.(m\.)?pipedream\.net|\w{4,24}\.requestcatcher\.com|beeceptor\.com\/)/
  condition:
    any of them
}

rule environment_upload {
  meta:
    id = "YAR-EXFIL-003"
    severity = "high"
    description = "The environment's variables are sent over the network"
    reference = "https://attack.mitre.org/techniques/T1041/"
  strings:
    $python = /(requests\.(post|get|put)|urlopen|httpx\.post) ?\([^\n]{0,160}(dict ?\( ?os\.environ|str ?\( ?os\.environ|os\.environ\.copy\(|dumps ?\( ?dict ?\( ?os\.environ|(data|json|params) ?= ?os\.environ\b)/
    $pipe = /\b(env|printenv|set) ?\|[^\n;]{0,60}(curl|wget|nc|ncat|netcat) /
    $curl = /[cw][ug][re][lt] [^\n(`]{0,120}(\$\(env|`env|\$\(printenv|`printenv)\b/
  condition:
    any of them
}

rule dns_exfiltration {
  meta:
    id = "YAR-EXFIL-004"
    severity = "high"
    description = "The output of a command is put into a host name"
    reference = "https://attack.mitre.org/techniques/T1048.003/"
  strings:
    $shell = /(nslookup|dig|host|ping|curl|wget) [^\n]{0,40}(\$\(|`) ?(whoami|hostname|id|uname|cat |env|pwd|base64 |xxd )[^\n]{0,80}(\)|`)\.[\w-]{1,40}\./
    $python = /(gethostbyname|getaddrinfo|resolve) ?\([^\n]{0,80}(b32encode|b64encode|hexlify|\.hex\(\)|getuser\(\)|gethostname\(\))[^\n]{0,60}\.[a-z]{2,8}/
  condition:
    any of them
}

rule identity_beacon {
  meta:
    id = "YAR-EXFIL-005"
    severity = "medium"
    description = "Host or user name is sent to a web address"
    reference = "https://attack.mitre.org/techniques/T1033/"
  strings:
    $request = /(re[q]ue[s]ts\.[gp][eo][s]?t|u[r]l[o]p[e]n|ht[t]px\.[gp][eo][s]?t) ?\([^\n]{0,120}(gethostname|getuser\(|getlogin|platform\.node|getpass\.)/
    $shell = /[cw][ug][re][lt] [^\n(`]{0,100}https?:[^\n(`]{0,80}(\$\(whoami|`whoami|\$\(hostname|`hostname|\$\(id\)|`id`|\$\(uname -a|`uname -a)/
  condition:
    any of them
}

rule file_drop_upload {
  meta:
    id = "YAR-EXFIL-006"
    severity = "medium"
    description = "A command uploads a file to an anonymous drop"
    reference = "https://attack.mitre.org/techniques/T1567.002/"
  strings:
    $curl = /curl [^\n]{0,120}(-F|-T|--upload-file|--data-binary|-d) ?[^\n]{0,120}(transfer\.sh|file\.io|0x0\.st|bashupload\.com|temp\.sh|anonfiles\.com|gofile\.io|termbin\.com)\b/
    $nc = /\| ?nc termbin\.com 9999/
  condition:
    any of them
}
