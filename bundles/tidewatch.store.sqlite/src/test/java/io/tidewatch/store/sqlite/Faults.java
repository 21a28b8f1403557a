package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.Platform;

/** What fails in a {@link StoreLife}, and opens its connections. For one thread at a time. */
interface Faults extends Platform.Connector {
    /** The life begins; what it begins with is there. */
    void begin();

    /** Time has passed. */
    void step();

    /** Whether something fails now. */
    boolean isFailing();

    /** Whether nothing fails for the moment, for a look at the file. */
    void pause(boolean paused);

    /** Nothing new fails from here on. */
    void over();
}
