// What makes a program run again.

rule crontab_install {
  meta:
    id = "YAR-PERSIST-001"
    severity = "medium"
    description = "A command installs a cron job"
    reference = "https://attack.mitre.org/techniques/T1053.003/"
  strings:
    $pipe = /[cep][rc][ohi][non]\w{0,6} [^\n|]{0,200}\|( crontab|crontab| sudo crontab) (-u \w{1,16} )?-(\s|["\x27;)]|$)/
    $file = /(echo|printf) [^\n]{0,200}(\* ){3}[^\n]{0,200}>> ?\/(etc\/cron|var\/spool\/cron)/
  condition:
    any of them
}

rule authorized_keys_append {
  meta:
    id = "YAR-PERSIST-002"
    severity = "high"
    description = "A key is added to the list of keys that may log in"
    reference = "https://attack.mitre.org/techniques/T1098.004/"
  strings:
    $shell = /(echo|printf) [^\n]{0,40}(ssh-(rsa|ed25519|dss)|ecdsa-sha2)[^\n]{8,800}>> ?["\x27]?[\w~\/${}.-]{0,24}authorized_keys/
    $python = /open ?\([^\n]{0,60}authorized_keys[^\n]{0,8}['"] ?,[^\n]{0,10}['"](a|w|a\+|ab|wb)['"]/
  condition:
    any of them
}

rule shell_profile_payload {
  meta:
    id = "YAR-PERSIST-003"
    severity = "high"
    description = "A command that downloads or decodes is written into a shell's start-up file"
    reference = "https://attack.mitre.org/techniques/T1546.004/"
  strings:
    $append = /[ep][cr][hi][on]\w{0,2} [^\n>]{0,160}(curl |wget |base64 -d|\/dev\/tcp\/|python[23]? -c|nohup )[^\n>]{0,200}>> ?["\x27]?[\w~\/${}.-]{0,24}(\.bashrc|\.bash_profile|\.profile|\.zshrc|\.zprofile)\b/
  condition:
    $append
}

rule python_startup_hook {
  meta:
    id = "YAR-PERSIST-004"
    severity = "medium"
    description = "A file is written that Python runs at every start"
    reference = "https://attack.mitre.org/techniques/T1546/"
  strings:
    $pth = /open ?\([^\n]{0,100}\.pth['"] ?,[^\n]{0,10}['"](a|w|wb|ab|w\+)['"][^\n]{0,40}write ?\([^\n]{0,10}import/
    $custom = /open ?\([^\n]{0,100}usercustomize\.py['"] ?\)? ?,[^\n]{0,10}['"](a|w|wb|ab)['"]/
    $line = /import os ?[,;][^\n]{0,60}(exec|eval) ?\([^\n]{0,400}(b64decode|urlopen|fromhex|decompress)/
  condition:
    any of them
}

rule windows_autostart {
  meta:
    id = "YAR-PERSIST-005"
    severity = "medium"
    description = "A program is registered to start with Windows"
    reference = "https://attack.mitre.org/techniques/T1547.001/"
  strings:
    $reg = /reg(\.exe)? add [^\n]{0,60}\\{1,2}CurrentVersion\\{1,2}Run/ nocase
    $python = /(CreateKey|OpenKey|OpenKeyEx) ?\([^\n]{0,120}\\{1,2}CurrentVersion\\{1,2}Run/
    $task = /schtasks(\.exe)? [^\n]{0,10}\/create [^\n]{0,200}\/tr / nocase
    $startup = /Start Menu\\{1,2}Programs\\{1,2}Startup\\{1,2}[^\n]{1,60}\.(bat|vbs|exe|lnk|ps1|py)/ nocase
  condition:
    any of them
}

rule service_install {
  meta:
    id = "YAR-PERSIST-006"
    severity = "medium"
    description = "A command installs and starts a service that runs from a temporary or hidden place"
    reference = "https://attack.mitre.org/techniques/T1543.002/"
  strings:
    $unit = /ExecStart=[^\n]{0,40}(\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|\/\.[a-z])/
    $launch = /(LaunchAgents|LaunchDaemons)\/[^\n]{1,80}\.plist[^\n]{0,40}(<<|launchctl load)/
  condition:
    any of them
}

rule preload_install {
  meta:
    id = "YAR-PERSIST-007"
    severity = "high"
    description = "A library is put into every process of the machine"
    reference = "https://attack.mitre.org/techniques/T1574.006/"
  strings:
    $shell = />{1,2} ?\/etc\/ld\.so\.preload/
    $python = /open ?\( ?['"]\/etc\/ld\.so\.preload['"] ?, ?['"](a|w)/
  condition:
    any of them
}
