-- The old end of the access log is deleted month by month.
CREATE INDEX personal_data_access_by_time ON personal_data_access (district, at);
