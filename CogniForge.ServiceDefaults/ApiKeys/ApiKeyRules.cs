using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The rules for new and changed keys.</summary>
internal static class ApiKeyRules
{
    public static FieldError BadName { get; } = new("name", "must have 1 to 200 characters, none of them U+0000");

    public static FieldError BadExpiry { get; } = new("expiresAt", "must be in the future");

    // Postgres cannot store U+0000.
    public static bool IsName(string? name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= 200 && !name.Contains('\0');
}
