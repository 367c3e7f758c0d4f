// Templates (chat_template) that reach out of their renderer.

rule template_reaches_internals {
  meta:
    id = "YAR-TEMPLATE-001"
    severity = "high"
    description = "A template reaches Python's internals"
    reference = "https://attack.mitre.org/techniques/T1221/"
  strings:
    $expression = /\{[{%][^}]{0,240}(__globals__|__subclasses__|__builtins__|__mro__|__getitem__\(|__import__)/
    $filter = /\{[{%][^}]{0,200}\| ?attr\( ?\\?['"](__|\\x5f)/
  condition:
    any of them
}

rule template_calls_system {
  meta:
    id = "YAR-TEMPLATE-002"
    severity = "high"
    description = "A template calls a function that runs commands"
    reference = "https://attack.mitre.org/techniques/T1221/"
  strings:
    $call = /\{[{%][^}]{0,160}(\.popen ?\(|os\.system ?\(|\.modules\[? ?['"]?os\b|subprocess\.\w{3,12} ?\()[^}]{0,160}[%}]\}/
  condition:
    $call
}
