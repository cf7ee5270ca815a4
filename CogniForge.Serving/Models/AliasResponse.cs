namespace CogniForge.Serving.Models;

/// <summary>An alias of a model.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it stands for.</param>
internal sealed record AliasResponse(string Alias, int Version)
{
    public static AliasResponse From(ModelAlias alias) => new(alias.Name, alias.Version);
}
