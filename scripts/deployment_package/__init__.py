"""Makes the zip that Terraform uploads, from the function's folder and the wheels that it needs.

Standard library only: `package.py` runs on any Python 3.11 or newer. The name is AWS's term; a folder named packaging
would hide the library of that name from everything that a script imports.
"""
