// Files of keys and passwords: read, sent away, or lying about.

rule command_uploads_credentials {
  meta:
    id = "YAR-CRED-001"
    severity = "high"
    description = "A command sends a file of credentials over the network"
    reference = "https://attack.mitre.org/techniques/T1552.001/"
  strings:
    $upload = /[cw][ug][re][lt] [^\n]{0,80}(@|--post-file[ =]|-T ?|--upload-file ?|\$\(cat |`cat |< ?)["\x27]?[\w~\/${}.-]{0,24}(\.ssh\/(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys)|\.aws\/credentials|\.kube\/config|\.netrc|\.git-credentials|\.docker\/config\.json|\.config\/gcloud|\.azure\/accessTokens|\.pypirc|\.npmrc|huggingface\/token|\.bash_history|\/etc\/shadow)/
    $pipe = /(cat|tar|base64)[^\n|;]{0,60}(\.ssh\/(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys)|\.aws\/credentials|\.kube\/config|\.netrc|\.git-credentials|\.docker\/config\.json|\.config\/gcloud|\.azure\/accessTokens|\.pypirc|\.npmrc|huggingface\/token|\.bash_history|\/etc\/shadow)[^\n|;]{0,60}\| ?[^\n;]{0,40}(curl|wget|nc|ncat|netcat) /
  condition:
    any of them
}

rule python_uploads_credentials {
  meta:
    id = "YAR-CRED-002"
    severity = "high"
    description = "Python reads a file of credentials and sends it over the network"
    reference = "https://attack.mitre.org/techniques/T1552.001/"
  strings:
    $read = /o[p]e[n] ?\( ?[^\n)]{0,60}(\.ssh\/(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys)|\.aws\/credentials|\.kube\/config|\.netrc|\.git-credentials|\.docker\/config\.json|\.config\/gcloud|\.azure\/accessTokens|\.pypirc|\.npmrc|huggingface\/token|\.bash_history|\/etc\/shadow)/
    $send = /(requests\.(post|put)|httpx\.post|urlopen|\.sendall|\.sendto) ?\(/ private
  condition:
    all of them
}

rule many_credential_files {
  meta:
    id = "YAR-CRED-003"
    severity = "medium"
    description = "Several kinds of credential files are named together"
    reference = "https://attack.mitre.org/techniques/T1552.001/"
  strings:
    $ssh = /\.ssh\/id_(rsa|dsa|ecdsa|ed25519)\b/
    $aws = ".aws/credentials"
    $kube = ".kube/config"
    $git = ".git-credentials"
    $gcloud = "application_default_credentials.json"
    $docker = ".docker/config.json"
    $history = ".bash_history"
    $shadow = "/etc/shadow"
    $wallet = "wallet.dat"
    $pgpass = ".pgpass"
  condition:
    4 of them
}

rule browser_password_theft {
  meta:
    id = "YAR-CRED-004"
    severity = "high"
    description = "Code decrypts passwords stored by a browser"
    reference = "https://attack.mitre.org/techniques/T1555.003/"
  strings:
    $data = "Login Data" fullword
    $state = "Local State" fullword private
    $key = /os_crypt|encrypted_key|CryptUnprotectData|password_value/ private
  condition:
    all of them
}

rule private_key_text {
  meta:
    id = "YAR-CRED-005"
    severity = "low"
    description = "A private key stands in the text"
    reference = "https://attack.mitre.org/techniques/T1552.004/"
  strings:
    $pem = /-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----(\\n|\r?\n)[A-Za-z0-9+\/=:, -]{24}/
  condition:
    $pem
}

rule access_token_text {
  meta:
    id = "YAR-CRED-006"
    severity = "low"
    description = "An access token of a hosting or cloud service stands in the text"
    reference = "https://attack.mitre.org/techniques/T1552.001/"
  strings:
    $github = /\b(ghp|gho|ghu|ghs)_[A-Za-z0-9]{36}\b/
    $github_pat = /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/
    $slack = /\bxox[baprs]-\d{10,13}-\d{10,13}-[A-Za-z0-9]{20,36}\b/
    $hub = /["\x27=: ]hf_[A-Za-z]{34}\b/
    $gitlab = /\bglpat-[A-Za-z0-9_-]{20}\b/
  condition:
    any of them
}
