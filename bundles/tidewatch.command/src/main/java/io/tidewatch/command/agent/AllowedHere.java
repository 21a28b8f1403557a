package io.tidewatch.command.agent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the places that may use an API which the build bans elsewhere. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface AllowedHere {
    String value();
}
