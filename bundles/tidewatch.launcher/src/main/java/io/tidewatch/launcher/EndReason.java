package io.tidewatch.launcher;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** The bundle that called System.exit, as far as the stacks of the threads show. */
final class EndReason {
    private EndReason() {}

    /**
     * The caller: its class and method, and the bundle that it is of.
     *
     * @param stacks of all threads
     * @param bundles all bundles of the framework
     */
    static Optional<String> of(Map<Thread, StackTraceElement[]> stacks, Bundle... bundles) {
        for (StackTraceElement[] stack : stacks.values()) {
            for (int i = stack.length - 2; i >= 0; i--) {
                if (isExit(stack[i]) && !isExit(stack[i + 1])) {
                    StackTraceElement caller = stack[i + 1];
                    return Optional.of(
                            caller.getClassName() + "." + caller.getMethodName() + bundleOf(caller, bundles));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getMethodName().equals("exit")
                && (frame.getClassName().equals("java.lang.System")
                        || frame.getClassName().equals("java.lang.Runtime"));
    }

    private static String bundleOf(StackTraceElement frame, Bundle... bundles) {
        String entry = frame.getClassName().replace('.', '/') + ".class";
        for (Bundle bundle : bundles) {
            if (bundle.getBundleId() > 0 && bundle.getState() != Bundle.UNINSTALLED && bundle.getEntry(entry) != null) {
                return " of bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " ("
                        + bundle.getLocation().replaceFirst(".*/", "") + ")";
            }
        }
        return "";
    }
}
