-- The tables of version 100, as that version made them.
CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL);

CREATE TABLE series(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  device_id TEXT NOT NULL,
  tags TEXT NOT NULL,
  value_type INTEGER NOT NULL CHECK (value_type IN (0, 1)),
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
  key BLOB NOT NULL UNIQUE);

CREATE TABLE samples(
  timestamp_ms INTEGER NOT NULL,
  series INTEGER NOT NULL,
  value NOT NULL,
  PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID;

CREATE TABLE delivered(
  priority INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  PRIMARY KEY (priority, from_ms)) WITHOUT ROWID;

CREATE TABLE exceptions(
  timestamp_ms INTEGER NOT NULL,
  series INTEGER NOT NULL,
  pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
  PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID;

CREATE TABLE set_aside(
  timestamp_ms INTEGER NOT NULL,
  series INTEGER NOT NULL,
  reason TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID;

CREATE TABLE upload_checkpoints(
  id INTEGER PRIMARY KEY,
  batch_id TEXT NOT NULL,
  chunk_index INTEGER NOT NULL,
  first_timestamp_ms INTEGER NOT NULL,
  last_timestamp_ms INTEGER NOT NULL,
  upload_time_ms INTEGER NOT NULL,
  metrics_count INTEGER NOT NULL);

CREATE TABLE sessions(
  id TEXT PRIMARY KEY,
  boot_id TEXT,
  start_time INTEGER NOT NULL,
  end_time INTEGER,
  status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'failed')),
  metadata TEXT NOT NULL) WITHOUT ROWID;

CREATE INDEX sessions_by_start ON sessions(start_time);

CREATE VIEW metrics(timestamp_ms, metric_name, metric_value, value_text, value_type, tags, session_id, device_id,
    uploaded, priority, dedup_key) AS
SELECT s.timestamp_ms,
  r.name,
  CASE r.value_type WHEN 0 THEN CAST(s.value AS REAL) END,
  CASE r.value_type WHEN 1 THEN s.value END,
  r.value_type,
  r.tags,
  (SELECT id FROM sessions WHERE start_time <= s.timestamp_ms
     AND (end_time IS NULL OR end_time >= s.timestamp_ms) ORDER BY start_time DESC LIMIT 1),
  r.device_id,
  CASE
    WHEN r.value_type = 1 THEN 0
    WHEN EXISTS (SELECT 1 FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series) THEN 0
    ELSE coalesce(
      (SELECT 1 - e.pending FROM exceptions e WHERE e.timestamp_ms = s.timestamp_ms AND e.series = s.series),
      EXISTS (SELECT 1 FROM delivered d WHERE d.priority = r.priority
        AND d.from_ms <= s.timestamp_ms AND d.to_ms >= s.timestamp_ms))
  END,
  r.priority,
  lower(hex(r.key)) || ':' || s.timestamp_ms
FROM samples s JOIN series r ON r.id = s.series;
