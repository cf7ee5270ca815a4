namespace CogniForge.Serving.Models;

/// <summary>Finds what refers to a version, which therefore cannot be deleted.</summary>
internal interface IVersionUsage
{
    /// <summary>Names something that uses a model, such as <c>experiment 'prices'</c>; null: nothing does.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version; null: all versions, because the model is to be deleted.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<string?> FindUserAsync(string model, int? version, CancellationToken cancellationToken);
}
