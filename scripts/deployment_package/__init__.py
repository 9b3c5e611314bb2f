"""Makes the zip that Terraform uploads, from the function's folder and the wheels it asks for.

Standard library only: `package.py` runs on any Python 3.11 or newer. Called after AWS's term, since a folder named
packaging would hide the library of that name from whatever a script imports.
"""
