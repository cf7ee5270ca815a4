namespace CogniForge.EndToEnd.Tests;

/// <summary>The tests that share a development system.</summary>
[CollectionDefinition(Name)]
public sealed class DevelopmentCollection : ICollectionFixture<DevelopmentSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "development";
}
