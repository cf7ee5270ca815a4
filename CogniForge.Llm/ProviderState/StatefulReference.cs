namespace CogniForge.Llm.ProviderState;

/// <summary>A reference of a request to what a provider keeps for the gateway's account.</summary>
/// <param name="Path">The field's JSON path.</param>
/// <param name="Id">The id; null: an address outside the account, which no response returns.</param>
/// <param name="IsInvalid">Whether the field has a value that is not an id, e.g. an object.</param>
internal readonly record struct StatefulReference(string Path, string? Id, bool IsInvalid = false);
