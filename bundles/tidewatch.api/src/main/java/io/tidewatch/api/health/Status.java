package io.tidewatch.api.health;

/** The status of a component, from best to worst. */
public enum Status {
    /** It does its work. */
    OK,
    /** It works with limits that an operator should know. */
    DEGRADED,
    /** It does not do its work. */
    ERROR
}
