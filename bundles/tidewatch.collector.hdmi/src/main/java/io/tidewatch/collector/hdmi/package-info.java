/** Collects signal, mode and frame rate of HDMI inputs. */
@NullMarked
package io.tidewatch.collector.hdmi;

import org.jspecify.annotations.NullMarked;
