namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithRelationship(resource, "Reference");
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = new ConnectionStringReference(resource, optional);
            var prefix = name.Length == 0 ? "" : VariableName(name).ToUpperInvariant() + "_";
            foreach (var (property, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[prefix + property.ToUpperInvariant()] = value;
        });
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, endpoint: null, name: null);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, endpoint: null, name);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(endpointReference.Resource, endpointReference.EndpointName, name: null);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.Fragment.Length > 0 || uri.Query.Length > 0)
            throw new InvalidOperationException($"The URI for service reference '{name}' is invalid while configuring target resource '{builder.Resource.Name}': it must be absolute, without fragment and query string.");
        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString()).WithEnvironment(VariableName(name), uri.ToString());
    }

    /// <summary>A name as part of an environment variable: letters, digits and underscores, not starting with a digit.</summary>
    internal static string VariableName(string name)
    {
        var encoded = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }

    private static IResourceBuilder<T> WithEndpoints<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints target, string? endpoint, string? name)
        where T : IResourceWithEnvironment
    {
        // One callback per target, however often it is referenced, so that each endpoint is counted once.
        var reference = builder.Resource.Annotations.OfType<EndpointsReferenced>().FirstOrDefault(r => r.Target == target);
        if (reference is null)
        {
            reference = new EndpointsReferenced(target);
            builder.WithAnnotation(reference);
            builder.WithEnvironment(context => AddServiceVariables(context, reference, name));
        }

        if (endpoint is null)
            reference.All = true;
        else
            reference.Names.Add(endpoint);
        return builder.WithRelationship(target, "Reference");
    }

    private static void AddServiceVariables(EnvironmentCallbackContext context, EndpointsReferenced reference, string? name)
    {
        var service = name ?? reference.Target.Name;
        var prefix = VariableName(name ?? service.ToUpperInvariant());
        foreach (var endpoint in reference.Target.GetEndpoints())
        {
            if (!reference.Names.Contains(endpoint.EndpointName) && (!reference.All || endpoint.ExcludeReferenceEndpoint))
                continue;
            context.EnvironmentVariables[$"{prefix}_{VariableName(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;
            var isNamedByScheme = endpoint.EndpointName.ToLowerInvariant() is "http" or "https";
            var key = $"services__{service}__{(isNamedByScheme ? endpoint.Scheme : endpoint.EndpointName)}__";
            var index = 0;
            while (!context.EnvironmentVariables.TryAdd($"{key}{index}", endpoint))
                index++;
        }
    }

    private sealed class EndpointsReferenced(IResourceWithEndpoints target) : IResourceAnnotation
    {
        public IResourceWithEndpoints Target { get; } = target;

        public bool All { get; set; }

        public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
