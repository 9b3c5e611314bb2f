locals {
  # scripts/package.py writes a record beside the zip: build/function.json for build/function.zip. A zip that was made in
  # another way, or changed since, has no valid record, and is not compared.
  record_path = "${trimsuffix(var.package_path, ".zip")}.json"
  record      = try(jsondecode(file(local.record_path)), {})
  is_recorded = try(local.record.sha256 == filesha256(var.package_path), false)

  # Only compiled code depends on the architecture, and only packages from a requirements.txt on the runtime.
  fits_architecture = try(!local.record.compiled || local.record.architecture == var.architecture, true)
  fits_runtime      = try(length(local.record.wheels) == 0 || local.record.runtime == var.runtime, true)
  fits_package      = !local.is_recorded || (local.fits_architecture && local.fits_runtime)

  packaged_for    = try("${local.record.runtime} on ${local.record.architecture}", "another runtime")
  package_command = "python3 scripts/package.py --architecture ${var.architecture} --python-version ${trimprefix(var.runtime, "python")}"
}
