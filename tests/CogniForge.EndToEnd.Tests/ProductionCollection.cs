namespace CogniForge.EndToEnd.Tests;

/// <summary>The tests that share a production system.</summary>
[CollectionDefinition(Name)]
public sealed class ProductionCollection : ICollectionFixture<ProductionSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "production";
}
