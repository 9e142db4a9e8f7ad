"""Running a group: intake, worker, dispatch, commands and the command line."""
