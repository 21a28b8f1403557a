package io.tidewatch.store.sqlite.engine;

import io.tidewatch.store.sqlite.db.Boot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.UUID;

/**
 * The files and the environment of a store.
 *
 * @param built when the agent was built: a clock that says less was never set
 * @param session names this run, however often it opens the file
 * @param metadata facts about this run for its session
 */
public record StorePlace(Path file, Boot boot, Instant built, UUID session, SortedMap<String, String> metadata) {}
