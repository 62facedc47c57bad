package io.millrace.server.docker;

import io.fabric8.kubernetes.api.model.KubernetesResource;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/** Finds what a typed model of Kubernetes took for lack of a field of that name. Stateless. */
final class StrictModel {
    private StrictModel() {}

    /** The paths of such fields. */
    static Collection<String> unknownFields(final KubernetesResource resource) {
        final Collection<String> unknown = new TreeSet<>();
        collect("", resource, unknown);
        return unknown;
    }

    private static void collect(final String path, final Object value, final Collection<String> unknown) {
        if (value instanceof Collection<?> items) {
            int index = 0;
            for (final Object item : items) {
                collect(path + '[' + index++ + ']', item, unknown);
            }
        } else if (value instanceof KubernetesResource) {
            for (final Method getter : value.getClass().getMethods()) {
                if (getter.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) get(value, getter)).keySet().forEach(name -> unknown.add(join(path, name)));
                } else if (getter.getName().startsWith("get") && getter.getParameterCount() == 0) {
                    final String name = Character.toLowerCase(getter.getName().charAt(3))
                            + getter.getName().substring(4);
                    collect(join(path, name), get(value, getter), unknown);
                }
            }
        }
    }

    private static String join(final String path, final Object name) {
        return path.isEmpty() ? name.toString() : path + '.' + name;
    }

    private static Object get(final Object value, final Method getter) {
        try {
            return getter.invoke(value);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(getter.toString(), e);
        }
    }
}
