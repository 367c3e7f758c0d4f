// No catalog entry names this rule: it stands for the rules of users (YAR-USER-001).

rule yara_self_test {
  meta:
    severity = "info"
    description = "The string that shows that YARA rules are run"
    reference = "https://yara.readthedocs.io/"
  strings:
    $string = "assay-yara-self-test-6f1c02"
  condition:
    $string
}
