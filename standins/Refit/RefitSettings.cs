using System.Reflection;

namespace Refit;

public class RefitSettings
{
    public IHttpContentSerializer ContentSerializer { get; set; } = new SystemTextJsonContentSerializer();

    public CollectionFormat CollectionFormat { get; set; } = CollectionFormat.RefitParameterFormatter;

    public bool Buffered { get; set; }
}

public interface IHttpContentSerializer
{
    HttpContent ToHttpContent<T>(T item);

    Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default);

    string? GetFieldNameForProperty(PropertyInfo propertyInfo);
}
