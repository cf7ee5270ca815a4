namespace CogniForge.ServiceDefaults.Http;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">The items, in the order of the list.</param>
/// <param name="Next">The <c>cursor</c> of the next page; <see langword="null"/> on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
