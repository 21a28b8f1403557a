package io.tidewatch.uploader.victoriametrics.timing;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, as the uploader's thread has it.
 *
 * @param clock the time of the device
 * @param nanoTime monotonic nanoseconds
 */
public record Timing(InstantSource clock, LongSupplier nanoTime, Pause pause, RandomGenerator random) {}
