namespace CogniForge.Serving.Models;

/// <summary>Finds what refers to an alias, which therefore cannot be deleted.</summary>
internal interface IAliasUsage
{
    /// <summary>Names something that uses an alias; null: nothing does.</summary>
    Task<string?> FindAliasUserAsync(string model, string alias, CancellationToken cancellationToken);
}
