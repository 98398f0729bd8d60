"""`python -m arcdiag`."""

from arcdiag.cli.main import main

if __name__ == "__main__":
    main()
