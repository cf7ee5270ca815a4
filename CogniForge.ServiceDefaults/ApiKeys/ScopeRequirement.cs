using Microsoft.AspNetCore.Authorization;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// The scope that an endpoint requires, as metadata: authorization checks it, and the OpenAPI document lists it.
/// </summary>
/// <param name="Scope">See <see cref="Scopes"/>.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirementData, IAuthorizationRequirement
{
    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}
