package io.tidewatch.scheduler;

import java.util.function.Supplier;

/** The health of one collector, shown while a service runs under its name. Guarded by its run. */
final class ShownHealth {
    private final Outbox outbox;
    private final Supplier<Runnable> show;
    private boolean shown;

    /** Touched by the outbox's calls only, which come one at a time. */
    private Runnable takeAway = () -> {};

    /** @param show shows it, and returns what takes it away again */
    ShownHealth(Outbox outbox, Supplier<Runnable> show) {
        this.outbox = outbox;
        this.show = show;
    }

    void show(boolean wanted) {
        if (wanted == shown) {
            return;
        }
        shown = wanted;
        outbox.add(wanted ? () -> takeAway = show.get() : () -> takeAway.run());
    }
}
