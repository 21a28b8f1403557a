package io.tidewatch.scheduler;

import io.tidewatch.api.health.Health;
import java.util.function.Supplier;

/** The health of one collector, shown while a service runs under its name. Guarded by its run. */
final class ShownHealth {
    private final String name;
    private final HealthBoard board;
    private final Outbox outbox;
    private final Supplier<Health> health;
    private boolean shown;

    /** Touched by the outbox's calls only, which come one at a time. */
    private Runnable takeAway = () -> {};

    ShownHealth(String name, HealthBoard board, Outbox outbox, Supplier<Health> health) {
        this.name = name;
        this.board = board;
        this.outbox = outbox;
        this.health = health;
    }

    void show(boolean wanted) {
        if (wanted == shown) {
            return;
        }
        shown = wanted;
        if (wanted) {
            outbox.add(() -> takeAway = board.show("collector." + name, health::get));
        } else {
            outbox.add(() -> takeAway.run());
        }
    }
}
