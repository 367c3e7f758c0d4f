#pragma once

#include <cstdint>
#include <string_view>

namespace assay::pickle {

// Names whose meaning the machine itself has to know: to tell what an object
// is, how many raw bytes follow, or where a piece of source text stands. What is
// dangerous is no question here; that is data of the rules.
enum class Role : std::uint8_t {
  none,
  container,         // append, extend, __setitem__, add are those of a builtin container
  constructs_first,  // returns a new instance of the class given as first argument
  add_extension,     // copyreg.add_extension(module, name, code)
  runs_source,       // takes Python source text as its first argument
  runs_code,         // takes a marshalled or compiled code object
  numpy_dtype,
  numpy_array,       // its arguments or its state hold array bytes
  joblib_array,      // NumpyArrayWrapper: raw array bytes follow its BUILD
  joblib_side_file,  // NDArrayWrapper: the array is in another file
  torch_tensor,      // _rebuild_tensor: (storage, offset, size, stride, ...)
  loads_bytes,       // unpickles the bytes it is given
  source_in_state,   // scipy's distributions and statsmodels' data run text of theirs
  torch_storage,     // a storage class; see element_size()
  decodes_base64,    // (text)
  decodes_hex,       // (text)
  decodes_named,     // (text, encoding)
  keeps_text,        // wraps or unpacks (text)
  dictionary,        // vars(object)
  makes_partial,     // partial(callable, ...)
  makes_getter,      // attrgetter(name, ...)
  makes_caller,      // methodcaller(name, ...)
  // From here on: what they return may have a name (resolved_names.cpp).
  attribute,        // getattr(object, name)
  item,             // getitem(mapping, key)
  module_item,      // sys.modules.get(name)
  imports_module,   // import_module(name): the module itself
  imports_package,  // __import__(name): the package that it is in
  resolves_name,    // resolve_name("module:name" or "module.name")
};

inline bool may_resolve(Role role) { return role >= Role::attribute; }

Role role_of(std::string_view module, std::string_view name);

// Bytes per element of a torch storage class such as "FloatStorage"; 0 if it is none.
std::uint32_t element_size(std::string_view storage);

// The element type as torch calls it, "float32"; empty if it is no storage class.
std::string_view element_type(std::string_view storage);

}  // namespace assay::pickle
