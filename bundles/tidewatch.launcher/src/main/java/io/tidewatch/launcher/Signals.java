package io.tidewatch.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.logging.Logger;

/**
 * What the process does on signals. By reflection, as the JDK's class for it is not part of Java; a JVM without it handles
 * signals as usual.
 */
final class Signals {
    private static final Logger LOG = Logger.getLogger("io.tidewatch.launcher");

    private Signals() {}

    /** Calls an action on a thread of its own at each signal of the name, without SIG; false if that cannot be. */
    static boolean handle(String name, Runnable action) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            default -> name;
                        };
                    });
            Object signal = type.getConstructor(String.class).newInstance(name);
            type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
            return true;
        } catch (ReflectiveOperationException e) {
            // The JVM keeps the signal to itself (-Xrs), or the system has none of the name.
            LOG.fine(() ->
                    "SIG" + name + " is not handled: " + (e instanceof InvocationTargetException ? e.getCause() : e));
        }
        return false;
    }
}
