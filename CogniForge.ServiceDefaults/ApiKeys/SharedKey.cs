using System.Security.Claims;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A key of the configuration.</summary>
internal sealed record SharedKey(string Secret, byte[] Hash, ClaimsPrincipal User, bool IsService);
