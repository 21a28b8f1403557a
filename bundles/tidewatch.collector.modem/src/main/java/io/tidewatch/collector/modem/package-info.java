/** State, signal and connection of mobile broadband modems, from ModemManager. */
@NullMarked
package io.tidewatch.collector.modem;

import org.jspecify.annotations.NullMarked;
