using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Validates and reads the limits of API keys. Services without limits do not register it.</summary>
internal interface IKeyLimits
{
    /// <summary>The type of the limits, for the OpenAPI document.</summary>
    Type Type { get; }

    /// <summary>Example limits for the OpenAPI document, JSON.</summary>
    string Example { get; }

    /// <summary>Validates limits from a client.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="path">The path of the limits in the body; empty: they are the body.</param>
    /// <param name="cancellationToken">Cancels the validation.</param>
    /// <returns>The errors, and the limits to store; null if they are invalid.</returns>
    Task<(IReadOnlyList<FieldError> Errors, JsonElement? Stored)> ValidateAsync(
        JsonElement limits,
        string path,
        CancellationToken cancellationToken
    );

    /// <summary>Reads stored limits.</summary>
    object? Read(JsonElement stored);

    /// <summary>Reports that a key's limits were replaced.</summary>
    void Changed(Guid id);
}
