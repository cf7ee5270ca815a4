using Microsoft.AspNetCore.Authorization;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>The scope that an endpoint asks for, as metadata: authorization checks it and the OpenAPI document names it.</summary>
/// <param name="Scope">See <see cref="Scopes"/>.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirementData, IAuthorizationRequirement
{
    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}

/// <summary>Names the scope of an endpoint.</summary>
public static class ScopeExtensions
{
    /// <summary>Lets only callers with this scope through: 401 without a valid key, 403 without the scope.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scope">See <see cref="Scopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization().WithMetadata(new ScopeRequirement(scope));
}

internal sealed class ScopeAuthorizationHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasClaim("scope", requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
