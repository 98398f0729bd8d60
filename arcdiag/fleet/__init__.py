"""Many cases: one folder of tables, one overview; on this machine's cores or on a Dask cluster."""
