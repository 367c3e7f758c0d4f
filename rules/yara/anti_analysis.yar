// Hiding from those who look.

rule analysis_tools_listed {
  meta:
    id = "YAR-ANTI-001"
    severity = "medium"
    description = "Code looks for several analysis tools or virtual machines"
    reference = "https://attack.mitre.org/techniques/T1497.001/"
  strings:
    $a = "vmtoolsd" nocase
    $b = "VBoxService" nocase
    $c = "VBoxGuest" nocase
    $d = "SbieDll" nocase
    $e = "wireshark" nocase
    $f = "procmon" nocase
    $g = "ollydbg" nocase
    $h = "x64dbg" nocase
    $i = "vboxtray" nocase
    $j = "joeboxserver" nocase
    $k = "fiddler" nocase
    $l = "processhacker" nocase
    $m = "vmsrvc" nocase
  condition:
    4 of them
}

rule history_wiped {
  meta:
    id = "YAR-ANTI-002"
    severity = "medium"
    description = "The shell's history is switched off or removed"
    reference = "https://attack.mitre.org/techniques/T1070.003/"
  strings:
    $unset = /(unset HISTFILE|HISTFILE=\/dev\/null|HISTSIZE=0) ?(;|&&)/
    $remove = /(rm -r?f|shred -\w{1,4}|ln -sf? \/dev\/null|truncate -s ?0|cat \/dev\/null >) ?["\x27]?[\w~\/${}.-]{0,24}\.(bash|zsh)_history/
    $clear = /history -c ?(;|&&|\n)/
  condition:
    any of them
}

rule protection_switched_off {
  meta:
    id = "YAR-ANTI-003"
    severity = "medium"
    description = "Security software or a firewall is switched off"
    reference = "https://attack.mitre.org/techniques/T1562.001/"
  strings:
    $defender = /Set-MpPreference [^\n]{0,80}-Disable(RealtimeMonitoring|IOAVProtection|ScriptScanning|BehaviorMonitoring)/ nocase
    $exclusion = /Add-MpPreference [^\n]{0,40}-Exclusion(Path|Process|Extension)/ nocase
    $amsi = /(amsiInitFailed|AmsiScanBuffer)/
    $netsh = /netsh (advfirewall|firewall) set [^\n]{0,40}(state off|opmode disable)/ nocase
    $linux = /(setenforce 0|ufw disable|systemctl (stop|disable) (firewalld|apparmor|auditd)|iptables -F)[^\n]{0,80}(;|&&|\n)[^\n]{0,20}(setenforce 0|ufw disable|systemctl (stop|disable) (firewalld|apparmor|auditd)|iptables -F|curl |wget )/
  condition:
    any of them
}

rule script_deletes_itself {
  meta:
    id = "YAR-ANTI-004"
    severity = "low"
    description = "A script deletes itself"
    reference = "https://attack.mitre.org/techniques/T1070.004/"
  strings:
    $python = /os\.(remove|unlink) ?\( ?(__file__|sys\.argv\[0\]|os\.path\.(abspath|realpath)\( ?__file__ ?\)) ?\)/
    $shell = /(rm (-r?f )?(-- )?|shred -u )["\x27]?\$\{?0\}?["\x27]?(\s|;|$)/
  condition:
    any of them
}

rule logs_wiped {
  meta:
    id = "YAR-ANTI-005"
    severity = "medium"
    description = "System logs are emptied or removed"
    reference = "https://attack.mitre.org/techniques/T1070.002/"
  strings:
    $remove = /(rm -r?f|shred -\w{1,4}) \/var\/log\/(\*|auth\.log|syslog|wtmp|btmp|lastlog|secure|messages)/
    $empty = /(cat \/dev\/null|echo|:) ?> ?\/var\/log\/(auth\.log|syslog|wtmp|btmp|lastlog|secure)/
    $windows = /wevtutil(\.exe)? cl (System|Security|Application)/ nocase
  condition:
    any of them
}
