// Code that is decoded, put together or hidden before it runs.

rule python_runs_decoded_code {
  meta:
    id = "YAR-OBFUSC-001"
    severity = "high"
    description = "Python decodes text and runs it as code"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $decode = /\b(exec|eval) ?\( ?((compile|bytes|str|memoryview) ?\( ?){0,2}((__import__ ?\( ?\\?['"]\w{2,12}\\?['"] ?\)|\w{2,12}) ?\. ?)?(b64decode|urlsafe_b64decode|b32decode|b16decode|b85decode|a85decode|decompress|unhexlify|a2b_hex|a2b_base64|fromhex) ?\(/
    $codecs = /\b(exec|eval) ?\( ?(compile ?\( ?)?(__import__ ?\( ?['"]codecs['"] ?\)|codecs) ?\. ?decode ?\(/
    $chain = /__import__ ?\( ?['"]zlib['"] ?\) ?\. ?decompress ?\( ?__import__ ?\( ?['"]base64['"] ?\) ?\. ?b\w{2,4}code/
  condition:
    any of them
}

rule python_runs_marshalled_code {
  meta:
    id = "YAR-OBFUSC-002"
    severity = "high"
    description = "Python runs marshalled bytecode held in the file"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $exec = /\b(exec|eval) ?\( ?(__import__ ?\( ?['"]marshal['"] ?\)|marshal) ?\. ?loads ?\( ?(b?['"]|[\w.]{0,20}(decompress|b64decode|unhexlify|fromhex) ?\(|__import__)/
    $function = /FunctionType ?\( ?(__import__ ?\( ?['"]marshal['"] ?\)|marshal) ?\. ?loads ?\( ?(b?['"]|[\w.]{0,20}(decompress|b64decode|unhexlify|fromhex) ?\(|__import__)/
  condition:
    any of them
}

rule shell_runs_decoded_text {
  meta:
    id = "YAR-OBFUSC-003"
    severity = "high"
    description = "A shell runs text decoded from base64 or hex"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $base64 = /base64 (-d|-D|--decode|-di)[^\n|]{0,60}\| ?(sudo )?(\/bin\/)?((ba|z|da)?sh|python[23]?|perl)\b/
    $hex = /xxd -r(p| -p)?[^\n|]{0,40}\| ?(sudo )?(\/bin\/)?((ba|z|da)?sh|python[23]?)\b/
    $openssl = /openssl (enc -)?base64 -d[^\n|]{0,40}\| ?(sudo )?(\/bin\/)?(ba|z|da)?sh\b/
    $eval = /(eval|sh -c) ?['"]?(\$\(|`) ?echo [^\n]{8,400}\| ?base64 (-d|-D|--decode)/
  condition:
    any of them
}

rule python_runs_escaped_text {
  meta:
    id = "YAR-OBFUSC-004"
    severity = "high"
    description = "Python runs code written as character codes"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $hex = /\b(exec|eval) ?\( ?(compile ?\( ?)?b?['"](\\x[0-9a-fA-F]{2}){10}/
    $chr = /\b(exec|eval) ?\( ?(chr ?\( ?\d{2,3} ?\) ?\+ ?){3}/
    $join = /\b(exec|eval) ?\( ?['"]{2} ?\. ?join ?\( ?(\[? ?\(? ?chr ?\(|map ?\( ?chr)/
    $bytes = /\b(exec|eval) ?\( ?bytes ?\( ?\[ ?\d{1,3} ?, ?\d{1,3} ?, ?\d{1,3} ?,/
  condition:
    any of them
}

rule python_module_name_in_pieces {
  meta:
    id = "YAR-OBFUSC-005"
    severity = "medium"
    description = "Python imports a module whose name is put together from pieces"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $concat = /__import__ ?\( ?['"]\w{1,8}['"] ?\+ ?['"]\w{1,8}['"]/
    $reversed = /__import__ ?\( ?['"]\w{2,12}['"]\[::-1\]/
    $chr = /__import__ ?\( ?chr ?\(/
    $getattr = /getattr ?\( ?(__builtins__|builtins|os|subprocess) ?, ?['"]\w{1,8}['"] ?\+ ?['"]/
  condition:
    any of them
}

rule python_protected_source {
  meta:
    id = "YAR-OBFUSC-006"
    severity = "medium"
    description = "The Python source is encrypted by a protector"
    reference = "https://attack.mitre.org/techniques/T1027.002/"
  strings:
    $pyarmor = /__pyarmor__ ?\( ?__name__ ?, ?__file__ ?, ?b/
    $pyarmor8 = /from pyarmor_runtime\w{0,10} import __pyarmor__/
  condition:
    any of them
}

rule script_runs_decoded_text {
  meta:
    id = "YAR-OBFUSC-007"
    severity = "medium"
    description = "JavaScript or PHP decodes text and runs it"
    reference = "https://attack.mitre.org/techniques/T1059.007/"
  strings:
    $atob = /\b(eval|Function) ?\( ?(window\.)?(atob|unescape|decodeURIComponent|String\.fromCharCode) ?\(/
    $php = /\b(eval|assert) ?\( ?@?(gzinflate|gzuncompress|base64_decode|str_rot13) ?\(/
  condition:
    any of them
}

rule code_pushed_out_of_view {
  meta:
    id = "YAR-OBFUSC-008"
    severity = "high"
    description = "Code that runs something stands behind a long run of spaces"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $spaces = /[^\s#] {120,600};? ?(exec|eval|import os|import base64|__import__|subprocess|os\.system)/
  condition:
    $spaces
}
