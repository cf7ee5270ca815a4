using Microsoft.AspNetCore.Authorization;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The scope that an endpoint asks for, as metadata: authorization checks it and the OpenAPI document names it.</summary>
/// <param name="Scope">See <see cref="Scopes"/>.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirementData, IAuthorizationRequirement
{
    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}
