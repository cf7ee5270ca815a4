using System.Reflection;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Tests;

/// <summary>The routes of a running service.</summary>
public static class RouteTable
{
    /// <summary>The endpoints without a scope that every service has.</summary>
    private static readonly string[] _shared =
    [
        "* /alive",
        "* /health",
        "GET /openapi/{documentName}.json",
        "GET /api/v1/whoami",
    ];

    /// <summary>Asserts that all endpoints except those listed require a key with a scope.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="open">The endpoints without a scope, as <c>GET /path</c>.</param>
    public static void AssertScopes(IServiceProvider services, params string[] open)
    {
        // Files of wwwroot are public.
        var endpoints = services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .ToList();
        Assert.True(endpoints.Count > _shared.Length, "The route table is empty.");

        // AllowAnonymous wins over any scope.
        bool IsOpen(Endpoint e) =>
            e.Metadata.GetMetadata<ScopeRequirement>() is null || e.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var withoutScope = endpoints.Where(IsOpen).Select(Describe).ToHashSet();
        Expect.None(
            "Endpoints without a scope; add RequireScope, or list them as open",
            withoutScope.Except(_shared).Except(open)
        );
        Expect.None(
            "Endpoints that are listed as open but do not exist or have a scope",
            _shared.Concat(open).Except(withoutScope)
        );
        Expect.None(
            "Unknown scopes",
            endpoints
                .SelectMany(e => e.Metadata.GetOrderedMetadata<ScopeRequirement>())
                .Select(s => s.Scope)
                .Except(Scopes.All)
        );
    }

    /// <summary>Asserts that the bodies of native APIs reject unknown fields, at every depth.</summary>
    public static void AssertStrictBodies(IServiceProvider services)
    {
        var bodies = services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.Trim('/').StartsWith("api/", StringComparison.Ordinal))
            .Select(e => e.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType)
            .OfType<Type>()
            .ToList();
        Assert.NotEmpty(bodies);
        Expect.None(
            "Bodies that accept unknown fields; add [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]",
            FindOwnTypes(bodies).Where(t => !IsStrict(t)).Select(t => t.FullName!)
        );

        static bool IsStrict(Type type) =>
            type.GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling
            == JsonUnmappedMemberHandling.Disallow;
    }

    /// <summary>The classes of CogniForge that types consist of, themselves included.</summary>
    private static HashSet<Type> FindOwnTypes(IEnumerable<Type> types)
    {
        var found = new HashSet<Type>();
        var rest = new Queue<Type>(types);
        while (rest.TryDequeue(out var type))
        {
            IEnumerable<Type> parts = type.GetGenericArguments();
            if (
                !type.IsEnum
                && type.Namespace?.StartsWith("CogniForge", StringComparison.Ordinal) == true
                && found.Add(type)
            )
            {
                // Static properties are no part of the JSON.
                parts = parts.Concat(
                    type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.PropertyType)
                );
            }

            foreach (var part in parts)
            {
                rest.Enqueue(part);
            }
        }

        return found;
    }

    private static string Describe(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];
        return $"{string.Join(',', methods)} /{endpoint.RoutePattern.RawText!.Trim('/')}";
    }
}
