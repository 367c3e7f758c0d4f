// Code that is fetched and run. [c]url: a letter in brackets is not searched for, see README.md.

rule download_piped_to_shell {
  meta:
    id = "YAR-DOWNLOAD-001"
    severity = "low"
    description = "A download is piped into a shell"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $pipe = /[cw][ug][re][lt] [^\n|]{4,200}(\|sh|\| sh|\|bash|\| bash|\|zsh|\| zsh|\| dash|\| ?sudo (-\w{1,2} )?(ba|z|da)?sh|\| ?\/bin\/(ba|z|da)?sh)\b/
    $substitution = /sh (-c )?['"]?(<\(|\$\() ?(curl|wget) /
  condition:
    any of them
}

rule code_pipes_download_to_shell {
  meta:
    id = "YAR-DOWNLOAD-002"
    severity = "high"
    description = "Code downloads a script and runs it in a shell"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $call = /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|execSync|shell_exec) ?\( ?\[?[bfru]{0,2}\\?['"][^\n|]{0,80}[cw][ug][re][lt] [^\n|]{4,160}(\|sh|\| sh|\|bash|\| bash|\|zsh|\| zsh|\| dash|\| ?sudo (-\w{1,2} )?(ba|z|da)?sh|\| ?\/bin\/(ba|z|da)?sh)\b/
    $powershell = /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|execSync|shell_exec) ?\( ?\[?[bfru]{0,2}\\?['"][^\n]{0,80}powershell[^\n]{0,160}(DownloadString|DownloadFile|Invoke-WebRequest|iwr |irm )/ nocase
    $pickled = /(X[\x00-\xff]{2}\x00\x00|\x8c[\x00-\xff]|[(\n]S['\"]|[(\n]V)[^\n|\x00]{0,60}[cw][ug][re][lt] [^\n|]{4,160}(\|sh|\| sh|\|bash|\| bash|\|zsh|\| zsh|\| dash|\| ?sudo (-\w{1,2} )?(ba|z|da)?sh|\| ?\/bin\/(ba|z|da)?sh)\b/
    $address = /[cw][ug][re][lt] [^\n|]{0,60}h[t]t[p][:]\/[\/]\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[^\n|]{0,120}(\|sh|\| sh|\|bash|\| bash|\|zsh|\| zsh|\| dash|\| ?sudo (-\w{1,2} )?(ba|z|da)?sh|\| ?\/bin\/(ba|z|da)?sh)\b/
  condition:
    any of them
}

rule download_marked_executable {
  meta:
    id = "YAR-DOWNLOAD-003"
    severity = "low"
    description = "A download is made executable and run"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $chain = /[cw][ug][re][lt] [^\n&;]{4,160}(;|&&|\n) {0,8}(sudo )?chmod (\+x|[0-7]?[75][0-7]{2}|a\+x|u\+x) [^\n]{1,80}(;|&&|\n)/
  condition:
    $chain
}

rule hidden_download_run {
  meta:
    id = "YAR-DOWNLOAD-004"
    severity = "high"
    description = "A program is downloaded into a hidden or temporary place and run"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $chain = /[cw][ug][re][lt] [^\n;&]{2,120}(\/tmp\/\.|\/var\/tmp\/\.|\/dev\/shm\/)[^\n]{1,120}(;|&&|\n) {0,8}(sudo )?(chmod|sh|bash|nohup|setsid|\/tmp\/\.|\/dev\/shm\/)/
  condition:
    $chain
}

rule python_runs_downloaded_code {
  meta:
    id = "YAR-DOWNLOAD-005"
    severity = "high"
    description = "Python runs code that it downloads"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $nested = /\b(exec\(|eval\(|exec \(|eval \() ?(compile ?\( ?)?(__import__ ?\( ?['"][\w.]{3,20}['"] ?\)|requests|urllib|urllib2|httpx|[a-z]{0,3}urlopen)[\w.]{0,24}\(?[^\n]{0,100}\.[trc][eo][xan][td]/
    $statement = /(u[r]l[o]p[e]n|re[q]ue[s]ts\.get|ht[t]px\.get) ?\([^\n]{3,100}\)(\.read\(\)|\.text|\.content)?(\.decode\([^)\n]{0,12}\))? ?[;\n] {0,12}(exec|eval) ?\(/
  condition:
    any of them
}

rule powershell_download_cradle {
  meta:
    id = "YAR-DOWNLOAD-006"
    severity = "low"
    description = "PowerShell runs code that it downloads"
    reference = "https://attack.mitre.org/techniques/T1059.001/"
  strings:
    $iex = /(iex|Invoke-Expression)[ (&"]{1,4}[^\n]{0,60}(DownloadString|Invoke-WebRequest|Invoke-RestMethod|iwr |irm )/ nocase
    $pipe = /(DownloadString\(|Invoke-WebRequest |Invoke-RestMethod |iwr |irm )[^\n|]{8,160}\| ?(iex|Invoke-Expression)\b/ nocase
  condition:
    any of them
}

rule powershell_hidden_encoded {
  meta:
    id = "YAR-DOWNLOAD-007"
    severity = "high"
    description = "PowerShell is started hidden or with an encoded command"
    reference = "https://attack.mitre.org/techniques/T1059.001/"
  strings:
    $encoded = /powershell(\.exe)?( [-\/]\w{1,24}( \w{2,14})?){0,5} [-\/]e(c|nc|ncodedcommand)? {1,2}["\x27]?[A-Za-z0-9+\/]{40}/ nocase
    $hidden = /powershell(\.exe)?( [-\/]\w{1,24}( \w{2,14})?){0,5} [-\/](w|win|windowstyle) hidden[^\n]{0,120}(DownloadString|DownloadFile|Invoke-WebRequest|iex|FromBase64String|-e(nc)? )/ nocase
  condition:
    any of them
}

rule windows_tool_downloads {
  meta:
    id = "YAR-DOWNLOAD-008"
    severity = "high"
    description = "A Windows tool that is not meant for it downloads or runs remote code"
    reference = "https://attack.mitre.org/techniques/T1218/"
  strings:
    $certutil = /certutil(\.exe)? [^\n]{0,60}-urlcache[^\n]{0,60}http/ nocase
    $mshta = /mshta(\.exe)? ["]?(https?:|javascript:|vbscript:)/ nocase
    $regsvr = /regsvr32(\.exe)? [^\n]{0,40}\/i:https?:/ nocase
    $bits = /bitsadmin(\.exe)? [^\n]{0,20}\/transfer [^\n]{0,60}https?:/ nocase
  condition:
    any of them
}
