package io.tidewatch.scheduler;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.store.SampleStore;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/** What all collectors' runs share. Clock and timer are on the same monotonic time; device and store come and go. */
record RunContext(
        PassClock clock,
        LongSupplier nanoTime,
        TimerThread timer,
        Timetable timetable,
        Awaited<Device> device,
        Awaited<SampleStore> store,
        BiFunction<String, HealthCheck, Runnable> health,
        DeclaredNames declaredNames) {}
