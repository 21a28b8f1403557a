/** tidewatch doctor: one examination per kind of problem. */
@NullMarked
package io.tidewatch.command.doctor;

import org.jspecify.annotations.NullMarked;
