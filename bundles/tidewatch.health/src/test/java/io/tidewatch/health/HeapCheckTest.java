package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapCheckTest {
    private static final long MEGABYTE = 1 << 20;

    private long free = 20 * MEGABYTE;
    private long garbage;
    private int collections;
    private long seconds;
    private final HeapCheck check =
            new HeapCheck(24 * MEGABYTE, () -> free, this::collect, () -> TimeUnit.SECONDS.toNanos(seconds));

    private void collect() {
        collections++;
        free += garbage;
        garbage = 0;
    }

    private Status after(long more) {
        seconds += more;
        return check.check().status();
    }

    @Test
    void aHeapWithRoomIsNotCollected() {
        assertThat(after(0)).isEqualTo(Status.OK);
        assertThat(after(3_600)).isEqualTo(Status.OK);
        assertThat(collections).isZero();
        assertThat(check.check().details())
                .containsEntry("max_bytes", 24 * MEGABYTE)
                .containsEntry("free_bytes", 20 * MEGABYTE);
    }

    @Test
    void garbageIsNoLackOfRoom() {
        free = 2 * MEGABYTE;
        garbage = 12 * MEGABYTE;
        assertThat(after(10)).isEqualTo(Status.OK);
        assertThat(collections).isZero();
        assertThat(after(60)).isEqualTo(Status.OK);
        assertThat(collections).isEqualTo(1);
        free = 2 * MEGABYTE;
        assertThat(after(10)).isEqualTo(Status.OK);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void aFullHeapIsDegradedUntilItHasRoomAgain() {
        free = 3 * MEGABYTE;
        assertThat(after(59)).isEqualTo(Status.OK);
        assertThat(after(1)).isEqualTo(Status.DEGRADED);
        assertThat(check.check().message())
                .contains("3.0 of 24 MB of the heap are free", "max.series", "TIDEWATCH_JAVA_OPTS=-Xmx32m");
        assertThat(after(60)).isEqualTo(Status.DEGRADED);
        assertThat(collections).isEqualTo(1);

        garbage = 10 * MEGABYTE;
        assertThat(after(300)).isEqualTo(Status.OK);
        assertThat(collections).isEqualTo(2);
        assertThat(after(60)).isEqualTo(Status.OK);
        free = 3 * MEGABYTE;
        assertThat(after(60)).isEqualTo(Status.OK);
        assertThat(after(300)).isEqualTo(Status.DEGRADED);
        free = 20 * MEGABYTE;
        assertThat(after(0)).isEqualTo(Status.OK);
    }
}
