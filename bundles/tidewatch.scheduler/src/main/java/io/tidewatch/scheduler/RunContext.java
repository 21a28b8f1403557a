package io.tidewatch.scheduler;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.store.SampleStore;
import java.util.function.LongSupplier;

/**
 * What all collectors' runs share.
 *
 * @param clock stamps the passes
 * @param nanoTime monotonic clock
 * @param timer calls on the same clock
 * @param timetable when passes start
 * @param device the device, when it is there
 * @param store the store, when it is there
 * @param health where health checks are shown
 * @param declaredNames what collectors call their metrics
 */
record RunContext(
        PassClock clock,
        LongSupplier nanoTime,
        TimerThread timer,
        Timetable timetable,
        Awaited<Device> device,
        Awaited<SampleStore> store,
        HealthBoard health,
        DeclaredNames declaredNames) {}
