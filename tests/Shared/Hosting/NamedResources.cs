using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace CogniForge.Tests.Hosting;

/// <summary>Starts some resources of an application.</summary>
public static class NamedResources
{
    /// <summary>
    /// Starts only the named resources and those that they wait for. The others stay NotStarted until their
    /// <c>start</c> command, and keep their endpoints, so that references to them resolve.
    /// </summary>
    public static T StartOnly<T>(this T builder, params string[] names)
        where T : IDistributedApplicationBuilder
    {
        var wanted = new HashSet<IResource>();
        foreach (var name in names)
        {
            Add(builder.Resources.Single(r => r.Name == name));
        }

        foreach (var resource in builder.Resources.Where(r => r is IResourceWithEnvironment && !wanted.Contains(r)))
        {
            resource.Annotations.Add(new ExplicitStartupAnnotation());
        }

        return builder;

        void Add(IResource resource)
        {
            if (!wanted.Add(resource))
            {
                return;
            }

            foreach (var dependency in resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource))
            {
                Add(dependency);
            }

            if (resource is IResourceWithParent part)
            {
                Add(part.Parent);
            }
        }
    }
}
