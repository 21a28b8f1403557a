/**
 * The tables of the store: series, layouts, passes, delivered ranges, sessions, notes.
 *
 * <p>In all packages of the store a time that is a number is in milliseconds since the epoch, a stretch of time ends before
 * its {@code until}, a level is that of a priority, and passes are named by their numbers ({@code seq}), which count up from 1.
 * Where a class says nothing of threads, one at a time may use it.
 */
@NullMarked
package io.tidewatch.store.sqlite.tables;

import org.jspecify.annotations.NullMarked;
