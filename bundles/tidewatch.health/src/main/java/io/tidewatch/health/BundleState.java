package io.tidewatch.health;

import java.util.Optional;

/**
 * @param id its number in this run of the framework
 * @param name symbolic name; without one, the name of its file
 * @param state in lower case, as OSGi names it
 * @param problem why it does not run although it should, and what to do; empty if all is as it should be
 */
record BundleState(long id, String name, String version, String state, Optional<String> problem) {}
