// Loss of data or of the machine.

rule disk_wiped {
  meta:
    id = "YAR-DESTROY-001"
    severity = "high"
    description = "A command destroys the machine's files or disks"
    reference = "https://attack.mitre.org/techniques/T1485/"
  strings:
    $root = /rm -(rf|fr|r -f) [^\n]{0,20}--no-preserve-root/
    $call = /(system|popen|Popen|run|call|check_call|check_output|getoutput) ?\( ?\[?[bfru]{0,2}['"](sudo )?rm -(rf|fr) (\/|~|\/\*|\$HOME|~\/\*|\/home|\/etc)\/?['"; &]/
    $dd = /dd if=\/dev\/(zero|u?random) of=\/dev\/(sd[a-z]|nvme\d|hd[a-z]|mmcblk\d)\b[^\n]{0,40}(;|&&|["\x27]\))/
    $pickled = /(X[\x00-\xff]{2}\x00\x00|\x8c[\x00-\xff]|[(\n]S['\"]|[(\n]V)(sudo )?rm -(rf|fr) (\/|~|\$HOME|\/\*|\/home|\/etc)/
  condition:
    any of them
}

rule fork_bomb {
  meta:
    id = "YAR-DESTROY-002"
    severity = "high"
    description = "A fork bomb"
    reference = "https://attack.mitre.org/techniques/T1499/"
  strings:
    $line = /\n:\(\) ?\{ ?:\|:& ?\};:/
    $call = /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|execSync|shell_exec) ?\( ?\[?[bfru]{0,2}['"]:\(\) ?\{ ?:\|:& ?\};:/
    $pickled = /(X[\x00-\xff]{2}\x00\x00|\x8c[\x00-\xff]|[(\n]S['\"]|[(\n]V):\(\) ?\{ ?:\|:& ?\};:/
    $python = /while (True|1): ?\n? {0,8}os\.fork ?\(\)/
  condition:
    any of them
}

rule ransom_note {
  meta:
    id = "YAR-DESTROY-003"
    severity = "medium"
    description = "Text of a ransom note"
    reference = "https://attack.mitre.org/techniques/T1486/"
  strings:
    $files = /(all|your) (of your )?(important )?(files|documents|data) (have been|has been|were|are) encrypted/ nocase
    $pay = /(bitcoin|monero|BTC|XMR)\b[^\x00]{0,200}(wallet|address|pay|send)|\.onion\b/ nocase
  condition:
    all of them
}
